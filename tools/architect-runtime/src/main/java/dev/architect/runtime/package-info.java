/** Configuration and assembly: finds adapters and builds an Architect. */
@NullMarked
package dev.architect.runtime;

import org.jspecify.annotations.NullMarked;
