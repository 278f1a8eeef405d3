-- SPDX-License-Identifier: MIT
-- requests -- what wrk sends: the requests of a file in turn, again and again.
--
--	wrk --script requests.lua URL -- FILE
--
-- Its first line is the token that all of them bear, or empty; each further one
-- is a method and a path.

local requests, at = {}, 0

function init(args)
	local lines = io.lines(args[1])
	local token = lines()

	if token ~= "" then
		wrk.headers["Authorization"] = "Token " .. token
	end
	for line in lines do
		local method, path = line:match("^(%u+) (.+)$")

		requests[#requests + 1] = wrk.format(method, path, nil,
		    method == "POST" and "" or nil)
	end
end

function request()
	at = at % #requests + 1
	return requests[at]
end
