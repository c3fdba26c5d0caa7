-- An event is written three times: when it comes, when it is claimed, and when it is finished. Half a page is left free, so that its second
-- version lies beside the first, and no index has to be told of it.
alter table inbox.delivery set (fillfactor = 50);
