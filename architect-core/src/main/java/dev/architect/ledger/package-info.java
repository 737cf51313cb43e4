/** Reports on what the work cost. */
@NullMarked
package dev.architect.ledger;

import org.jspecify.annotations.NullMarked;
