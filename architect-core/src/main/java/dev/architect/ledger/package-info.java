/** What the work cost, asked in the words of people. */
@NullMarked
package dev.architect.ledger;

import org.jspecify.annotations.NullMarked;
