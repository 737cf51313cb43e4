/** Lanes: how queues and tenants share the sessions, and what limits each of them. */
@NullMarked
package dev.architect.lane;

import org.jspecify.annotations.NullMarked;
