-- What Quarto does with an extension's shortcodes, for a pandoc without Quarto: the functions that ours calls, and a paragraph
-- that is a shortcode replaced by what its function returns.
local extension = os.getenv("EXTENSION")

quarto = {
  doc = {
    is_format = function(name) return name == "html:js" and FORMAT:match("html") ~= nil end,
    include_text = function(place, text)
      assert(place == "in-header")
      HEAD = (HEAD or "") .. text .. "\n"
    end,
  },
}

local handlers = dofile(extension)

local function arguments_of(text)
  local kwargs = {}
  local rest = text:gsub('([%w%-]+)="([^"]*)"', function(name, value)
    kwargs[name] = pandoc.Inlines(value)
    return ""
  end)
  rest:gsub("([%w%-]+)=(%S+)", function(name, value) kwargs[name] = pandoc.Inlines(value) end)
  return kwargs
end

function Pandoc(document)
  local blocks = document.blocks:walk({
    Para = function(paragraph)
      local name, rest = pandoc.utils.stringify(paragraph):match("^{{<%s*([%w%-]+)%s*(.-)%s*>}}$")
      return name and handlers[name]({}, arguments_of(rest), document.meta, {}, "block")
    end,
  })
  if HEAD then document.meta["header-includes"] = pandoc.MetaBlocks({ pandoc.RawBlock("html", HEAD) }) end
  return pandoc.Pandoc(blocks, document.meta)
end
