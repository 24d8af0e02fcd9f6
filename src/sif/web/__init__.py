"""What people see and touch: pages, forms and their pieces; it translates a request into one service call and back."""
