module wsprobe

go 1.26
