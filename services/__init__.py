"""Meaning: one folder a service, each with the same rooms: domain, application, views, service."""
