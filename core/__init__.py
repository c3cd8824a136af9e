"""The inventory core: rules, storage, services, reports and papers; it knows no Telegram."""
