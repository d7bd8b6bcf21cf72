"""What facts say about a partnership, folded by an eye of our own: no other service's code takes part."""
