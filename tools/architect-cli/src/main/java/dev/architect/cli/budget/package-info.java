/** {@code gaia budget}: limits on what calls cost. */
@NullMarked
package dev.architect.cli.budget;

import org.jspecify.annotations.NullMarked;
