-- wrk: posts a new comment with every request, of about 300 bytes in words that no other comment has in this order.
-- Arguments: the form's other fields, encoded; the words, encoded and separated by spaces.
-- A stored comment is answered by a redirect, which wrk counts as a success.

local form
local words = {}
local people = 2000

function init(arguments)
  form = arguments[1]
  for word in string.gmatch(arguments[2], "%S+") do
    words[#words + 1] = word
  end
  math.randomseed(os.time()) -- no two runs begin in the same second
end

function request()
  local text = {}
  for place = 1, 45 do
    text[place] = words[math.random(#words)]
  end
  local name = "&name=" .. words[math.random(#words)] .. "+" .. math.random(people)
  local headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(254), math.random(254), math.random(254)),
  }
  return wrk.format("POST", nil, headers, form .. name .. "&text=" .. table.concat(text, "+"))
end
