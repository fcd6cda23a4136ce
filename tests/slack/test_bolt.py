import pytest

from tests.slack.office import open_office


@pytest.mark.one_database
async def test_client_credentials_in_the_environment_don_t_turn_oauth_on(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "shh")
    async with open_office(database_url) as office:
        ada = office.slack.person("ada")
        await ada.command("/paylink help", "sales")
        assert "2 x Consulting 150 eur" in ada.ephemerals("sales")[-1]["text"]
