"""Write the sample data anew, next to this file."""

from pathlib import Path

from gridgeo.sample import write_sample

if __name__ == "__main__":
    for path in write_sample(Path(__file__).parent, overwrite=True).values():
        print(path)
