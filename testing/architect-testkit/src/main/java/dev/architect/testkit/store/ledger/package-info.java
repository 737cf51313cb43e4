/** What every store must do for reports on the ledger. */
@NullMarked
package dev.architect.testkit.store.ledger;

import org.jspecify.annotations.NullMarked;
