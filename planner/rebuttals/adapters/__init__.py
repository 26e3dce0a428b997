"""What people bring from outside, read and made safe."""
