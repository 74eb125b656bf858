-- wrk: posts a new comment with every request; the argument is the form's other fields, encoded.
-- A stored comment is answered by a redirect, which wrk counts as a success.

local form
local count = 0
local run = os.time() -- no two runs begin in the same second, so no text is sent twice
local filler = string.rep("kommentaren+blir+ungefär+trehundra+byte+", 7)

function init(arguments)
  form = arguments[1]
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  count = count + 1
  return wrk.format(nil, nil, nil, form .. "&text=" .. run .. "+" .. count .. "+" .. filler)
end
