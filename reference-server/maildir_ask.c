/* SPDX-License-Identifier: MIT */
/*
 * What the files of a Maildir are, asked at each login: nothing else tells
 * whether one was changed where it stands, and what is told of it is to be
 * what is on the disk. That is most of what a login to many messages costs, so
 * of these a second thread asks one half.
 */
#include "maildir_files.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#define MANY 1000 /* messages: less is done before a thread has begun */

struct part {
	struct maildir_list *l;
	size_t from, to;
	size_t failed; /* the first of which nothing can be known, or to */
	int reason;
};

/*
 * Who went, or gave way to what is no message, is sought when it is measured:
 * by its inode, as the folder told it.
 */
static int ask(const struct maildir_list *l, struct maildir_file *f)
{
	struct stat st;

	if (files_stat(l, f->folder, f->name, &st) == 0)
		f->asked = S_ISREG(st.st_mode);
	else if (errno != ENOENT)
		return -1;
	if (f->asked)
		files_note(f, &st);
	else if (fstat(l->folders[f->folder], &st) == 0)
		f->device = st.st_dev;
	return 0;
}

static void *ask_part(void *of)
{
	struct part *p = of;

	for (size_t i = p->from; i < p->to; i++) {
		if (ask(p->l, &p->l->files[i]) == 0)
			continue;
		p->failed = i;
		p->reason = errno;
		break;
	}
	return NULL;
}

static struct part part(struct maildir_list *l, size_t from, size_t to)
{
	return (struct part){ .l = l, .from = from, .to = to, .failed = to };
}

static void ask_both(struct part *here, struct part *there)
{
	pthread_t thread;
	bool helped = there->to - here->from >= MANY &&
		      pthread_create(&thread, NULL, ask_part, there) == 0;

	ask_part(here);
	if (helped)
		pthread_join(thread, NULL);
	else
		ask_part(there);
}

static int tell(const struct maildir_file *f, int reason, struct error *e)
{
	return error_because(e, reason, "%s/%s: %s", files_folder(f->folder),
			     f->name, strerror(reason));
}

int files_ask(struct maildir_list *l, struct error *e)
{
	struct part parts[] = { part(l, 0, l->count / 2),
				part(l, l->count / 2, l->count) };

	ask_both(&parts[0], &parts[1]);
	for (size_t i = 0; i < 2; i++)
		if (parts[i].failed < parts[i].to)
			return tell(&l->files[parts[i].failed],
				    parts[i].reason, e);
	return 0;
}
