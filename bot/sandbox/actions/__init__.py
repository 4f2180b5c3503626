"""What people and machines do: each action changes the world and emits the deliveries GitHub would."""
