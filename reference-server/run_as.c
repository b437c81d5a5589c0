/* SPDX-License-Identifier: MIT */
#include "run_as.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum run_as_found run_as_find(struct run_as *i, const char *user,
			      const char *group)
{
	const struct passwd *of_user = getpwnam(user);
	const struct group *of_group;

	if (!of_user)
		return RUN_AS_NO_USER;
	*i = (struct run_as){ user, of_user->pw_uid, of_user->pw_gid };
	if (!group)
		return RUN_AS_FOUND;
	of_group = getgrnam(group);
	if (!of_group)
		return RUN_AS_NO_GROUP;
	i->gid = of_group->gr_gid;
	return RUN_AS_FOUND;
}

static bool is_now(const struct run_as *i)
{
	uid_t real, effective, saved;
	gid_t real_group, effective_group, saved_group;

	return getresuid(&real, &effective, &saved) == 0 &&
	       getresgid(&real_group, &effective_group, &saved_group) == 0 &&
	       real == i->uid && effective == i->uid && saved == i->uid &&
	       real_group == i->gid && effective_group == i->gid &&
	       saved_group == i->gid;
}

/* A kernel that was told to keep capabilities would let root return. */
static bool can_go_back(const struct run_as *i)
{
	return setuid(0) == 0 || seteuid(0) == 0 ||
	       (i->gid != 0 && (setgid(0) == 0 || setegid(0) == 0));
}

/* The groups first: who is no longer root cannot change them. */
int run_as_become(const struct run_as *i, struct error *e)
{
	if (is_now(i))
		return 0;
	if (geteuid() != 0)
		return error_set(e, "only root can become %s", i->user);
	if (initgroups(i->user, i->gid) != 0 ||
	    setresgid(i->gid, i->gid, i->gid) != 0 ||
	    setresuid(i->uid, i->uid, i->uid) != 0)
		return error_set(e, "cannot become %s: %s", i->user,
				 strerror(errno));
	if (i->uid == 0)
		return 0;
	if (!is_now(i) || can_go_back(i))
		return error_set(e, "cannot become %s for good", i->user);
	return 0;
}
