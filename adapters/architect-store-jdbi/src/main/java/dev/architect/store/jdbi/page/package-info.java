/** The statements for pages of tasks. */
@NullMarked
package dev.architect.store.jdbi.page;

import org.jspecify.annotations.NullMarked;
