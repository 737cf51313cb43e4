/** What goes on by itself, over HTTP: operations on many tasks, and exports. */
@NullMarked
package dev.architect.server.job;

import org.jspecify.annotations.NullMarked;
