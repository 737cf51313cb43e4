/** Which calls a report on the ledger is about, and what such reports return. */
@NullMarked
package dev.architect.spend;

import org.jspecify.annotations.NullMarked;
