"""Random histories of a pull request: whatever people, pushes and lost memories do, the gate's promises hold."""
