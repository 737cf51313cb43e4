/** {@code gaia rule}: approval rules. */
@NullMarked
package dev.architect.cli.rule;

import org.jspecify.annotations.NullMarked;
