/** Factories of stores and transports, which a host that reads a configuration finds through {@link java.util.ServiceLoader}. */
@NullMarked
package dev.architect.factory;

import org.jspecify.annotations.NullMarked;
