"""What fills the books: bank statements; later billing and supplier documents."""
