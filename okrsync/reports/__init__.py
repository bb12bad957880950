"""Reports: plans, runs, trees and explanations for people (text) and for machines (JSON)."""
