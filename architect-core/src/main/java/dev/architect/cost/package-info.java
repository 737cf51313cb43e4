/** Usage, prices, money and what the ledger keeps of them. Exact arithmetic only: no floating point. */
@NullMarked
package dev.architect.cost;

import org.jspecify.annotations.NullMarked;
