"""The playground: a stand-in for Slack with a page to click on."""
