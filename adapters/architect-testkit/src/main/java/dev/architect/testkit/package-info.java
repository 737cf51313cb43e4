/** Contracts of the doors, fakes to stand behind them, and time that tests move by hand. */
@NullMarked
package dev.architect.testkit;

import org.jspecify.annotations.NullMarked;
