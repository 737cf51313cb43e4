/** Price files and invoices as texts, for programs that take them from people. */
@NullMarked
package dev.architect.runtime.cost;

import org.jspecify.annotations.NullMarked;
