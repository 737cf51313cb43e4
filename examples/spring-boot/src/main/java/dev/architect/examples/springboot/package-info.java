/** Architect inside a Spring Boot application. */
package dev.architect.examples.springboot;
