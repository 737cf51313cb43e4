/** {@code gaia cost}: reports on the ledger of a store. */
@NullMarked
package dev.architect.cli.cost;

import org.jspecify.annotations.NullMarked;
