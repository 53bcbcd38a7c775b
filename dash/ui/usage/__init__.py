"""The Usage page: how much is asked, how it ends, how long it takes, what it costs; and the audit trail."""
