/** Architect as beans of a Spring Boot application. */
package dev.architect.spring.boot;
