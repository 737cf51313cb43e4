/** Work on the ledger that goes on by itself, and comparisons with it that are kept. */
@NullMarked
package dev.architect.job.ledger;

import org.jspecify.annotations.NullMarked;
