/** One request along its route: calls, failover, streams and ledger entries. */
@NullMarked
package dev.architect.router.execution;

import org.jspecify.annotations.NullMarked;
