"""How a network learns: data in memory, engines, and the Trainer that moves it all."""
