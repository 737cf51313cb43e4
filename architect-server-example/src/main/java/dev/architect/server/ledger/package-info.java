/** Reports on the ledger over HTTP. */
@NullMarked
package dev.architect.server.ledger;

import org.jspecify.annotations.NullMarked;
