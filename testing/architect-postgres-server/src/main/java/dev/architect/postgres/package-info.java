/** PostgreSQL servers for tests and benchmarks. */
package dev.architect.postgres;
