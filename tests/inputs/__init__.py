"""Tests of reading and checking inputs."""
