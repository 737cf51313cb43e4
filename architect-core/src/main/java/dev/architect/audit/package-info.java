/** What was done by whom, as a chain of hashes in which no entry can be changed unseen. */
@NullMarked
package dev.architect.audit;

import org.jspecify.annotations.NullMarked;
