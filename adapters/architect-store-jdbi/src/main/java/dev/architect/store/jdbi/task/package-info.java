/** Tasks and attempts in a database. */
package dev.architect.store.jdbi.task;
