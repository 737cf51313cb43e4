/** What was done by whom: the writer of the audit, and its operations. */
@NullMarked
package dev.architect.server.audit;

import org.jspecify.annotations.NullMarked;
