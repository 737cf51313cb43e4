/** Members of a cluster and messages between them over TCP, with JGroups. */
@NullMarked
package dev.architect.transport.jgroups;

import org.jspecify.annotations.NullMarked;
