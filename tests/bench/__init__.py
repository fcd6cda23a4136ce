"""`make bench`: how fast this app is, beside what the machine allows (floors) and what others do (peers).

Each measure is one module that runs the app and its floors in turn, three times, in the same run. Nothing here decides
a test.
"""
