/** A thousand tasks against simulated providers, with an outage and an account of what it did. */
@NullMarked
package dev.architect.cli.demo;

import org.jspecify.annotations.NullMarked;
