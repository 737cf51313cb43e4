/** What adapters to other libraries have in common: calls with a deadline, and what foreign failures mean. */
@NullMarked
package dev.architect.library.bridge;

import org.jspecify.annotations.NullMarked;
