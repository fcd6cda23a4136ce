"""What people do in Slack, one module per kind of act. The page's endpoints and the tests' persons both call these."""
