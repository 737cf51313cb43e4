/** Users, logins, tokens and the audit in a database. */
@NullMarked
package dev.architect.store.jdbi.access;

import org.jspecify.annotations.NullMarked;
