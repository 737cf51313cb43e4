/** How projects are stored. */
@NullMarked
package dev.architect.project.store;

import org.jspecify.annotations.NullMarked;
